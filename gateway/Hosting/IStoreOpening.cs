using Gateway.Store;

namespace Gateway.Hosting;

/// <summary>Opens the store of this run of the gateway, on one of the engines, and tells about it.</summary>
internal interface IStoreOpening : IStoreOpener, IDisposable
{
    /// <summary>This run of the gateway.</summary>
    Guid Incarnation { get; }

    /// <summary>The number of this run on the store. Set by the store's thread before it reports the store as open.</summary>
    long Run { get; }

    /// <summary>Where the store is, for people.</summary>
    string Place { get; }

    /// <summary>The subject of a sentence that says what does not answer.</summary>
    string Medium { get; }

    /// <summary>Releases the store for other processes. The store must be closed.</summary>
    void Release();
}
