namespace Gateway.Dashboard.Access;

/// <summary>What somebody may do in the dashboard.</summary>
[Flags]
internal enum DashboardRights
{
    None = 0,

    /// <summary>Sees everything.</summary>
    Read = 1,

    /// <summary>Pauses, resumes, retries, and acts on messages.</summary>
    Operate = 2,
}

/// <summary>Who looks at the dashboard.</summary>
/// <param name="Name">For the audit trail.</param>
internal sealed record SignedIn(string Name, DashboardRights Rights);

/// <summary>
/// The tokens that the gateway knows. Any thread may ask; the answer is as of now, so that a token that is withdrawn ends what it allowed.
/// </summary>
internal interface ISignIn
{
    /// <summary>False when the gateway has no tokens: then everybody who reaches the dashboard may do everything.</summary>
    bool IsNeeded { get; }

    /// <summary>Null if there is no such token.</summary>
    SignedIn? Find(string token);
}
