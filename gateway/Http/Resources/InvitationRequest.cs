using System.Text.Json.Serialization;
using Gateway.Http.Answers;
using Gateway.Links.Pairing;

namespace Gateway.Http.Resources;

/// <summary>An invitation to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record InvitationRequest
{
    private const double SecondsMin = 1;
    private const double SecondsMax = 86_400;

    /// <summary>How long its code is of use.</summary>
    public required double Seconds { get; init; }

    /// <summary>Where this gateway may be reached, as HOST:PORT, the likeliest first.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The operator's reason, for the audit trail.</summary>
    public string? Why { get; init; }

    /// <exception cref="ProblemException">The value is out of range.</exception>
    [JsonIgnore]
    public TimeSpan Lifetime => Resources.Seconds.Read("seconds", Seconds, SecondsMin, SecondsMax);

    /// <exception cref="ProblemException">There are none, too many, or one is too long.</exception>
    [JsonIgnore]
    public IReadOnlyList<string> CheckedAddresses =>
        Addresses is { Count: > 0 and <= PairingCode.AddressesMax } && Addresses.All(
            address => address is { Length: > 0 and <= PairingCode.AddressBytesMax } && address.All(c => c is > ' ' and <= '~'))
        ? Addresses
        : throw ProblemException.BadRequest($"addresses has to be 1 to {PairingCode.AddressesMax} of the form HOST:PORT, each of at most "
            + $"{PairingCode.AddressBytesMax} characters.");
}

/// <summary>The answer to a gateway that has proved an invitation.</summary>
/// <param name="Fault">The sentence that refuses it; empty, or left out, if it is a peer now.</param>
internal sealed record InvitationAnswer(string? Fault = null);
