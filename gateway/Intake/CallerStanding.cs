namespace Gateway.Intake;

/// <summary>The standing of a connected application after a message of it.</summary>
internal enum CallerStanding
{
    /// <summary>It has not said who it is.</summary>
    Unknown,

    /// <summary>It has shown a token that the gateway does not know.</summary>
    Refused,

    /// <summary>It has said hello and was accepted.</summary>
    Known,
}
