using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Records;

namespace Gateway.Store;

/// <summary>Opens the store that a <see cref="StoreThread"/> owns. Called by the store's thread.</summary>
internal interface IStoreOpener
{
    /// <summary>
    /// Whether a store that the disk refuses to open is retried until it opens or the gateway stops: the store exists, and nothing is wrong
    /// with it.
    /// </summary>
    bool MayWait { get; }

    /// <summary>The state of an engine outside this process; well for one within. Any thread.</summary>
    EngineStanding Standing => EngineStanding.Well;

    /// <inheritdoc cref="IStoreInput.CanBeTakenOver"/>
    bool CanBeTakenOver => false;

    /// <summary>Opens the store, or creates a new one. Called again while <see cref="MayWait"/> holds and the disk refuses.</summary>
    /// <param name="standby">Waits while another process holds the store, if its engine can elect the next one.</param>
    /// <exception cref="StoreInUseException">Another process holds the store, and is not waited for.</exception>
    /// <exception cref="StoreFailedException">The store is damaged, or a newer version has written it.</exception>
    /// <exception cref="DiskRefusedException">The disk has no space or denies access, and may grant it later.</exception>
    /// <exception cref="StoreUnavailableException">The engine cannot be reached, and may be later.</exception>
    MessageStore Open(IStandby standby);
}
