namespace Gateway.Client.CloudEvents;

/// <summary>How an event becomes a message; any receiver reads both.</summary>
public enum CloudEventMode
{
    /// <summary>The data is the body; each attribute is a header, so that a receiver or a route sees it without reading the body.</summary>
    Binary,

    /// <summary>The body holds the whole event, as JSON unless a formatter says otherwise.</summary>
    Structured,
}
