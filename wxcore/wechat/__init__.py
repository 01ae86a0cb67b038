"""The client of WeChat's server API. It knows no model and no setting; `client.connect` is its door."""
