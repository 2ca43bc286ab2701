namespace Gateway.Configuration;

/// <summary>The rights of a caller of the HTTP API. No role includes another.</summary>
[Flags]
internal enum HttpRoles
{
    None = 0,

    /// <summary>Read everything, including message bodies.</summary>
    Read = 1,

    /// <summary>Pause, resume, retry, purge, redirect, return, import.</summary>
    Operate = 2,

    /// <summary>Enqueue messages.</summary>
    Send = 4,

    /// <summary>Receive messages and settle them.</summary>
    Receive = 8,

    All = Read | Operate | Send | Receive,
}

/// <summary>The role names used in the configuration.</summary>
internal static class HttpRoleNames
{
    public static readonly IReadOnlyList<string> Known = ["read", "operate", "send", "receive"];

    /// <summary>False for anything but one of <see cref="Known"/>.</summary>
    public static bool TryParse(string name, out HttpRoles role)
    {
        role = name switch
        {
            "read" => HttpRoles.Read,
            "operate" => HttpRoles.Operate,
            "send" => HttpRoles.Send,
            "receive" => HttpRoles.Receive,
            _ => HttpRoles.None,
        };
        return role != HttpRoles.None;
    }

    public static string NameOf(HttpRoles role) => role.ToString().ToLowerInvariant();
}
