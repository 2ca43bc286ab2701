namespace Gateway.Client.Wire;

/// <summary>Why frames are not a message of the protocol.</summary>
/// <param name="Code">The code of the answer.</param>
/// <param name="Text">A sentence describing the fault, for people.</param>
/// <param name="Id">
/// The request (or subscription) that the frames name, to be answered REJECTED; null when they name none or it cannot be read, to be
/// answered ERROR.
/// </param>
internal readonly record struct WireFault(WireCode Code, string Text, RequestId? Id);
