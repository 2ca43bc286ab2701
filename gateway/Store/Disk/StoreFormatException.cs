namespace Gateway.Store.Disk;

/// <summary>The files are not ones that this version can open, or do not belong together. Nothing in them was changed.</summary>
internal sealed class StoreFormatException(string message) : Exception(message);
