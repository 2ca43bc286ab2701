namespace Gateway.Links.Fleet;

/// <summary>How a gateway, or one finding about it, weighs in its own judgement. The numbers are part of the protocol.</summary>
internal enum Condition : byte
{
    /// <summary>Nothing needs attention.</summary>
    Well = 0,

    /// <summary>Intended by an operator.</summary>
    Notice = 1,

    /// <summary>May soon cause harm.</summary>
    Warning = 2,

    /// <summary>Messages are delayed, refused or lost.</summary>
    Error = 3,
}
