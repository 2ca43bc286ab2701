namespace Gateway.Logging;

/// <summary>The standard output takes nothing: its reader has gone, its disk is full, or it was never open.</summary>
/// <param name="why">The system's words.</param>
internal sealed class OutputLostException(string why) : IOException($"The output could not be written: {why}.");
