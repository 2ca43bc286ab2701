namespace Gateway.Client.CloudEvents;

/// <summary>What a message's headers say that it is.</summary>
internal enum CloudEventForm
{
    /// <summary>No event.</summary>
    None,

    /// <summary>An event whose attributes are headers.</summary>
    Binary,

    /// <summary>An event within the body.</summary>
    Structured,

    /// <summary>Several events within the body.</summary>
    Batch,
}
