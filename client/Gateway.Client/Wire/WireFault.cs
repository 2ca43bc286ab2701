namespace Gateway.Client.Wire;

/// <summary>Why frames are not a message of the protocol.</summary>
/// <param name="Code">The code of the answer.</param>
/// <param name="Text">A sentence describing the fault, for people.</param>
/// <param name="Id">
/// The request or subscription named in the frames, to be answered with REJECTED; null if there is none or it is unreadable, to be answered
/// with ERROR.
/// </param>
internal readonly record struct WireFault(WireCode Code, string Text, RequestId? Id);
