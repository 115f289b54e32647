"""Other programs' door: Open311 GeoReport v2 for applications of residents, and the REST interface of partners."""
