namespace Gateway.Client.Wire;

/// <summary>
/// The limits of the local protocol that no configuration changes, and the highest to which the others can be configured. The client, the
/// gateway's doors, its configuration and its command line all read them here; PROTOCOL.md lists them. The configured ones come to the
/// client as <see cref="WireLimits"/>.
/// </summary>
internal static class ProtocolLimits
{
    /// <summary>The longest name of a gateway, peer or queue.</summary>
    public const int NameCharsMax = 64;

    /// <summary>The longest <c>queue@peer</c>.</summary>
    public const int DestinationCharsMax = (2 * NameCharsMax) + 1;

    /// <summary>The headers of one message.</summary>
    public const int HeaderEntriesMax = 64;

    public const int ApplicationBytesMax = 128;
    public const int TokenBytesMax = 256;
    public const int ReasonBytesMax = 1024;

    /// <summary>The messages of one PEEK.</summary>
    public const int PeekMessagesMax = 100;

    public const int LeaseMsMin = 100;
    public const int LeaseMsMax = 12 * 60 * 60 * 1000;

    /// <summary>The longest delay of an ABANDON.</summary>
    public const long DelayMsMax = 366L * 24 * 60 * 60 * 1000;

    /// <summary>The highest <c>Intake:BodyBytesMax</c>.</summary>
    public const int BodyBytesHighest = 4 * 1024 * 1024;

    /// <summary>The highest <c>Intake:HeadersBytesMax</c>.</summary>
    public const int HeadersBytesHighest = 64 * 1024;

    /// <summary>The highest <c>Intake:BatchMessagesMax</c>.</summary>
    public const int BatchMessagesHighest = 100_000;

    /// <summary>The highest <c>Intake:BatchBytesMax</c>.</summary>
    public const int BatchBytesHighest = 16 * 1024 * 1024;

    /// <summary>The highest <c>Intake:CreditMax</c>.</summary>
    public const int CreditHighest = 100_000;
}
