namespace Gateway.Store.Records;

/// <summary>
/// The engine cannot be reached, or refuses for now: it may open the store later, and nothing is wrong with the store. Thrown only while a
/// store is being opened.
/// </summary>
internal sealed class StoreUnavailableException(string message, Exception cause) : Exception(message, cause);
