"""`on_gpu`: a generator function that asks for a GPU where the page runs in a ZeroGPU Space, and the same function elsewhere."""

try:
    import spaces
except ImportError:
    spaces = None


def on_gpu(function):
    """`function` must yield plain data: on ZeroGPU it runs in another process."""
    return spaces.GPU(function) if spaces is not None else function


def has_spaces() -> bool:
    """True in a Space, where `spaces` is installed."""
    return spaces is not None
