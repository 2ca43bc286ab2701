namespace Gateway.Store.Disk.Files;

/// <summary>Another process, or another part of this one, holds the store's directory.</summary>
internal sealed class StoreInUseException(string path, string holder)
    : Exception($"The store in {path} is in use by {holder}. Stop that process, or give this gateway a directory of its own.");
