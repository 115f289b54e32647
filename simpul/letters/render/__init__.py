"""The room's tool: letters as paper (typst), signed (pyHanko), and signed elsewhere (BSrE). No tables, no clock."""
