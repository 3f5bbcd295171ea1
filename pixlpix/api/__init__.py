"""The API: /api/v1/, read-only, of what every visitor may see. docs/api.md is its manual, openapi.json its contract."""
