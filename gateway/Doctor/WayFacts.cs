using System.Net;
using System.Net.Sockets;
using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>What was found on the way to a peer's address.</summary>
/// <param name="Host">The host of the address in the configuration, a name or an address.</param>
/// <param name="IsName">The host is a name, to be resolved.</param>
internal sealed record WayFacts(
    string Host, int Port, bool IsName, IReadOnlyList<NameAnswer> Names, IReadOnlyList<AddressFacts> Addresses);

/// <summary>The answer of the resolver for one family of addresses.</summary>
/// <param name="Error">A clause; empty after an answer, which may name no address.</param>
internal sealed record NameAnswer(AddressFamily Family, IReadOnlyList<IPAddress> Addresses, TimeSpan After, string Error = "");

/// <summary>The attempt to reach the peer at one address.</summary>
/// <param name="Connected">The time that TCP took for a connection; null if there is none.</param>
/// <param name="Cause">The cause that a link would report; None if there is a connection.</param>
/// <param name="Error">Why there is no connection: the system's error, with its number; empty if there is one.</param>
internal sealed record AddressFacts(string Address, TimeSpan? Connected, LinkCause Cause = LinkCause.None, string Error = "")
{
    /// <summary>The largest packet and the round trip of the connection, as the system knows them; null if it does not tell.</summary>
    public (int PacketBytes, TimeSpan RoundTrip)? Path { get; init; }

    /// <summary>Null if no TLS was tried.</summary>
    public TlsFacts? Tls { get; init; }

    /// <summary>Null if it was not tried.</summary>
    public GreetingFacts? Greeting { get; init; }
}

/// <param name="Names">The names for which the peer's certificate is valid, in words.</param>
/// <param name="Fault">Empty if the connection is secured.</param>
internal sealed record TlsFacts(TimeSpan After, string Names, string Fault = "");

/// <summary>The greeting and READY of ZMTP.</summary>
/// <param name="After">The time from this side's greeting to the peer's READY.</param>
/// <param name="Cause">The cause that a link would report; None if a gateway, or a program that speaks as one, answered.</param>
/// <param name="Fault">What happened instead of the answer; empty for none.</param>
internal sealed record GreetingFacts(TimeSpan After, LinkCause Cause = LinkCause.None, string Fault = "");
