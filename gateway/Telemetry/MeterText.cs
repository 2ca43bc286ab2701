using System.Text.RegularExpressions;
using Gateway.Inbox;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Telemetry;

/// <summary>Enum members as attribute values, in lower case with underscores; each string is created once.</summary>
internal static partial class MeterText
{
    private static readonly Dictionary<Settlement, string> _settlements = All<Settlement>();
    private static readonly Dictionary<DeadLetterReason, string> _reasons = All<DeadLetterReason>();
    private static readonly Dictionary<LinkState, string> _states = All<LinkState>();
    private static readonly Dictionary<LinkCause, string> _causes = All<LinkCause>();

    public static string Of(Settlement settlement) => _settlements[settlement];

    public static string Of(DeadLetterReason reason) => _reasons[reason];

    public static string Of(LinkState state) => _states[state];

    public static string Of(LinkCause cause) => _causes[cause];

    /// <summary>Converts any other name of a member, such as a connection fault.</summary>
    public static string Of(string member) => Humps().Replace(member, "_$0").ToLowerInvariant();

    private static Dictionary<T, string> All<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(value => value, value => Of(value.ToString()));

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex Humps();
}
