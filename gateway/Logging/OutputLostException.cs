namespace Gateway.Logging;

/// <summary>The output accepts nothing: its reader has gone, its disk is full, or it was never open.</summary>
/// <param name="why">The system's error message.</param>
internal sealed class OutputLostException(string why) : IOException($"The output could not be written: {why}.");
