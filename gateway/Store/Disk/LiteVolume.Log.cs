using Microsoft.Extensions.Logging;

namespace Gateway.Store.Disk;

internal sealed partial class LiteVolume
{
    [LoggerMessage(2100, LogLevel.Information, "Opened volume {Volume}. Pages: {DataPages}; of these recovered from "
        + "epoch {Epoch} of the log: {RecoveredPages}; torn frames erased: {TornFrames}.")]
    private static partial void LogOpened(ILogger logger, string volume, long dataPages, long epoch, int recoveredPages, int tornFrames);

    [LoggerMessage(2101, LogLevel.Critical, "Volume {Volume} has failed: {What} It takes no more operations.")]
    private static partial void LogFailed(ILogger logger, Exception cause, string volume, string what);

    [LoggerMessage(2102, LogLevel.Debug, "Checkpoint of volume {Volume}. Pages of the log: {LogPages}; in the data file: {DataPages}.")]
    private static partial void LogCheckpoint(ILogger logger, string volume, long logPages, long dataPages);

    [LoggerMessage(2103, LogLevel.Debug, "The engine of volume {Volume} was thrown away.")]
    private static partial void LogThrownAway(ILogger logger, Exception answer, string volume);
}
