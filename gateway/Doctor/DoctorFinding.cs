namespace Gateway.Doctor;

/// <summary>The weight of a finding, in rising order.</summary>
internal enum Verdict
{
    /// <summary>Measured, and as it should be.</summary>
    Ok,

    /// <summary>Could not be measured.</summary>
    Unknown,

    /// <summary>Works, and is likely to cause harm.</summary>
    Warning,

    /// <summary>Does not work, or harms messages now.</summary>
    Fault,
}

/// <summary>One line of the doctor: something that was measured, and its meaning for the gateway.</summary>
/// <param name="Id">One of <see cref="FindingIds"/>, for programs and for the page of findings.</param>
/// <param name="Verdict">How much it weighs.</param>
/// <param name="Measured">The measurement with its figures, a clause.</param>
internal sealed record DoctorFinding(string Id, Verdict Verdict, string Measured)
{
    /// <summary>The peer, the endpoint or the address that it is about; empty for the gateway or its host.</summary>
    public string About { get; init; } = "";

    /// <summary>The meaning of the measurement, one or two sentences; may be empty if all is well.</summary>
    public string Meaning { get; init; } = "";

    /// <summary>The remedy, a sentence; empty if there is nothing to do.</summary>
    public string Advice { get; init; } = "";

    /// <summary>Whether it matters for the errors that the links have seen, a sentence; empty where that makes no sense.</summary>
    public string Relevance { get; init; } = "";

    /// <summary>It explains errors that the links have seen.</summary>
    public bool Matters { get; init; }
}
