"""How the bundled model is made: from a folder of text to an exported masked-diffusion model. `python -m dlm_editor.training --help` lists the steps."""
