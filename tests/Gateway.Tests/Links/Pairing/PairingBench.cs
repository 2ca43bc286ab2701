using Gateway.Links.Pairing;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Links.Pairing;

/// <summary>The gateway shop with an open invitation, and billing, which comes with its code.</summary>
internal sealed class PairingBench : IInviter
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    public const string Shop = "5368d5facfe0f1b3a1c6e4d8ba5b0a5d5f7a0b6c5d4e3f2a1b0c9d8e7f6a5b4c";

    private static readonly string _billing = new('b', 64);

    private TimeSpan _uptime;

    public PairingBench()
    {
        Clock.Advance(DateTimeOffset.FromUnixTimeSeconds(1_900_000_000), TimeSpan.Zero);
        Invitations = new Invitations("shop", Clock, NullLogger<Invitations>.Instance);
    }

    public LoopClock Clock { get; } = new();

    public Invitations Invitations { get; }

    /// <summary>What was sent to those who came.</summary>
    public SentFrames Sent { get; } = [];

    public List<Joiner> Joining { get; } = [];

    public List<string> Over { get; } = [];

    public static Joiner Billing { get; } = new("billing", "billing-host:7421", _billing);

    public static PairingCode Code(string name = "shop", byte secret = 7) =>
        new(name, Shop, ["10.0.0.5:7421"], 1_900_000_900_000, Enumerable.Repeat(secret, PairingCode.SecretBytes).ToArray());

    public bool Open(PairingCode code) => Invitations.Open(code, Lifetime, this);

    /// <summary>Comes with the proof of a code, for what the sender says it is.</summary>
    /// <param name="shown">The fingerprint of the certificate with which it comes; its own if it is not given.</param>
    /// <param name="proof">Another proof.</param>
    public string Come(PairingCode code, Joiner joiner, string? shown = null, byte[]? proof = null, string untimely = "") =>
        Invitations.OnJoin(
            "one", new LinkFrame.Join(PairingProof.IdOf(code), joiner.Name, joiner.Address, proof ?? PairingProof.OfJoiner(code, joiner)),
            Guest(shown ?? joiner.Fingerprint) with { Untimely = untimely }, Sent);

    public static AuthorisedNames Guest(string fingerprint) => new(new HashSet<string>(), "a guest's") { Fingerprint = fingerprint };

    public void Wait(TimeSpan time)
    {
        _uptime += time;
        Clock.Advance(Clock.Now + time, _uptime);
        Invitations.Tick();
    }

    void IInviter.OnJoining(Joiner joiner) => Joining.Add(joiner);

    void IInviter.OnOver(string why) => Over.Add(why);
}
