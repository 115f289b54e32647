"""The doors people walk through in a browser: portal, desk, administration, account. They translate; rooms decide."""
