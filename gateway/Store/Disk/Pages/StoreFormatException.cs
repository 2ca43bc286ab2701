namespace Gateway.Store.Disk.Pages;

/// <summary>This version cannot open the files, or they do not belong together. Nothing in them was changed.</summary>
internal sealed class StoreFormatException(string message) : Exception(message);
