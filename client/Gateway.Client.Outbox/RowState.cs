namespace Gateway.Client.Outbox;

/// <summary>The states of a row, as numbers in its column.</summary>
internal enum RowState
{
    /// <summary>To be sent next.</summary>
    Ready = 0,

    /// <summary>Its destination was refused; it is sent, in its order, when the gateway takes messages for that again.</summary>
    Waiting = 1,

    /// <summary>It was refused for itself, and waits for a person.</summary>
    Failed = 2,
}
