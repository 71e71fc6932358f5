"""Files on records: documents with a type and versions, kept in the storage, permitted through their record."""
