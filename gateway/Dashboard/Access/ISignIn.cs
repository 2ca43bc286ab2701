using Microsoft.AspNetCore.Http;

namespace Gateway.Dashboard.Access;

/// <summary>The rights of a user of the dashboard.</summary>
[Flags]
internal enum DashboardRights
{
    None = 0,

    /// <summary>Sees everything.</summary>
    Read = 1,

    /// <summary>Pauses, resumes, retries, and acts on messages.</summary>
    Operate = 2,
}

/// <summary>The user of the dashboard.</summary>
/// <param name="Name">For the audit trail.</param>
internal sealed record SignedIn(string Name, DashboardRights Rights);

/// <summary>
/// The tokens known to the gateway. Thread-safe. Answers are current, so that a withdrawn token loses its rights at once.
/// </summary>
internal interface ISignIn
{
    /// <summary>False when the gateway has no tokens: everyone who reaches the dashboard may then do everything.</summary>
    bool IsNeeded { get; }

    /// <summary>Null if the token is unknown.</summary>
    SignedIn? Find(string token);

    /// <summary>The request shows a token that may read: its connection is not a stranger's.</summary>
    void OnKnown(HttpContext context);

    /// <summary>Somebody gave an unknown token to sign in; completes when they may be told.</summary>
    Task OnRefusedAsync(HttpContext context);
}
