namespace Gateway.Store.Disk.Files;

/// <summary>Another process, or another part of this one, holds the store.</summary>
internal sealed class StoreInUseException : Exception
{
    /// <summary>The directory of a store is taken.</summary>
    public StoreInUseException(string path, string holder)
        : base($"The store in {path} is in use by {holder}. Stop that process, or give this gateway a directory of its own.")
    {
    }

    /// <summary>A store elsewhere is taken; the message says by whom, and what to do.</summary>
    public StoreInUseException(string message)
        : base(message)
    {
    }
}
