"""The posyandu as institutions: the list, one posyandu, board and cadres with what they learned, papers, goods."""
