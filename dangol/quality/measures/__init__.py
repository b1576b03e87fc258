"""How complete, valid, unique, fresh and consistent the sources' records are, field by field."""
