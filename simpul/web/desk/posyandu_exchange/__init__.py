"""Exchange of the posyandu at the desk: connections, what is sent, files to take, lists of e-PPGBM set beside ours."""
