"""The page, its handlers, and the editor component. Only this package and app.py know Gradio."""
