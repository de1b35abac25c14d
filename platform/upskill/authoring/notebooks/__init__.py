"""nbgrader's source notebooks: brought in as exercises of ours, and written out again, equal cell for cell.

`importing.import_notebook` and `exporting.export_notebook` are the two ways; `notebook.json` beside an imported
exercise keeps what its script cannot say.
"""
