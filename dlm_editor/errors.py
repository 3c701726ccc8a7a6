"""The errors of dlm_editor: each message gives the rule, the value received, and the way out.

EditorError
├── InputError         what the user gave is wrong (the command line exits with 2)
│   ├── SpanError          a span is out of range, reversed or overlaps another
│   ├── StaleEditError     the text an edit was made for is no longer there
│   ├── OptionError        an option is out of range, or two options contradict each other
│   │   └── AgreementError     text would leave this machine, and the user has not agreed to it
│   ├── DocumentError      the document is empty, too large, not UTF-8, or broken
│   ├── RecordError        a record of a run is damaged, too large, or of another version
│   └── UnsatisfiableError no text can meet the constraints and lengths asked for
└── ModelError         a model cannot be had
    ├── UnknownModelError  no such id or folder, or a kind of model that is not supported
    ├── UnsafeModelError   the checkpoint asks to run code, or its weights are a pickle with code
    ├── AbilityError       the model cannot do what was asked of it
    ├── RemoteError        a hosted model refused, or gave no whole answer
    └── ResourceError      the model needs more memory or network than there is
"""


class EditorError(Exception):
    """Base of all errors that are meant for the user."""


class InputError(EditorError, ValueError):
    """What the user gave is wrong."""


class SpanError(InputError):
    """A span is out of range, reversed or overlaps another."""


class StaleEditError(InputError):
    """The text an edit was made for is no longer there."""


class OptionError(InputError):
    """An option is out of range, or two options contradict each other."""


class AgreementError(OptionError):
    """Text would leave this machine, and the user has not agreed to it."""


class DocumentError(InputError):
    """The document is empty, too large, not UTF-8, or a file that is broken or not to be trusted."""


class RecordError(InputError):
    """A record of a run is damaged, too large, or of another version."""


class UnsatisfiableError(InputError):
    """No text can meet the constraints and lengths asked for; said before the first step."""


class ModelError(EditorError):
    """A model cannot be had."""


class UnknownModelError(ModelError, ValueError):
    """No such id or folder, or a kind of model that is not supported."""


class UnsafeModelError(ModelError):
    """The checkpoint asks to run code, or its weights are a pickle that holds more than tensors."""


class AbilityError(ModelError):
    """The model cannot do what was asked of it."""


class RemoteError(ModelError):
    """A hosted model refused, or gave no whole answer."""


class ResourceError(ModelError):
    """The model needs more memory or network than there is."""
