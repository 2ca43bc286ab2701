using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using LiteDB;

namespace Gateway.Store.Blocks;

/// <summary>
/// Holds the first failure of a store's engine or disk. After it an engine may have rolled back by itself and would continue as if nothing
/// had happened, so it is not used again. Owned by the store's thread.
/// </summary>
internal sealed class StoreGuard
{
    /// <summary>Null while the store can keep its promises.</summary>
    public StoreFailedException? Failure { get; private set; }

    /// <exception cref="StoreFailedException">The store failed before.</exception>
    public void ThrowIfFailed()
    {
        if (Failure is not null) throw new StoreFailedException(Failure.Message, Failure);
    }

    /// <summary>Runs an operation that must succeed: an exception of the engine or the disk becomes the store's failure.</summary>
    /// <param name="what">The subject of the sentence that reports a failure.</param>
    /// <exception cref="StoreFailedException">The operation failed.</exception>
    public T Run<T>(string what, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (StoreFailedException e)
        {
            Failure ??= e;
            throw;
        }
        catch (Exception e) when (e is CorruptPageException or StoreFormatException)
        {
            throw Failure = new StoreFailedException($"{what} failed: {e.Message}", e);
        }
        catch (Exception e) when (e is LiteException or IOException or UnauthorizedAccessException)
        {
            throw Failure = new StoreFailedException(
                $"{what} failed: {e.Message} Free or repair the disk and start the gateway again.", e);
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public void Run(string what, Action operation) => Run(what, () =>
    {
        operation();
        return true;
    });

    /// <summary>Runs an operation that can be postponed.</summary>
    /// <returns>The disk's refusal, after which nothing has changed; null if the operation is done.</returns>
    /// <exception cref="StoreFailedException">The operation failed in another way.</exception>
    public DiskRefusedException? Attempt(string what, Action operation) => Run(what, () =>
    {
        try
        {
            operation();
            return null;
        }
        catch (Exception cause) when (DiskRefusedException.In(cause) is not null)
        {
            return DiskRefusedException.In(cause);
        }
    });

    /// <summary>A checkpoint without room would destroy the volume; a postponed one merely costs a longer log.</summary>
    public bool CanCheckpoint(LiteVolume volume) => Attempt("Making room for a checkpoint", volume.MakeRoomForCheckpoint) is null;

    /// <summary>
    /// Closes a volume. Nothing is written if the volume is damaged or the disk has no room for its checkpoint: its commits are safe in its
    /// log.
    /// </summary>
    public void Close(LiteVolume volume)
    {
        if (volume.IsDamaged || !CanCheckpoint(volume)) volume.Abandon();
        else volume.Dispose();
    }
}
