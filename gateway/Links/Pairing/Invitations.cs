using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Pairing;

/// <summary>
/// The open invitations of this run: each is for one gateway, which proves the code in time, and is then used up, whatever comes of it. All
/// is in memory alone, so a restart voids every code. A pure state machine, owned by the loop.
/// </summary>
internal sealed partial class Invitations(string self, LoopClock clock, ILogger<Invitations> logger)
{
    public const int OpenMax = 4;

    /// <summary>The wrong proofs after which a code is void: someone knows of it and not all of it.</summary>
    public const int WrongProofsMax = 3;

    private const int RememberedMax = 64;

    /// <summary>Those for which a gateway may come.</summary>
    private readonly Dictionary<Guid, Invitation> _open = [];

    /// <summary>Those for which one has come, and waits for its answer; its connections are counted among them.</summary>
    private readonly Dictionary<Guid, Invitation> _joining = [];

    /// <summary>Why the last ones are over, for those who come with their codes.</summary>
    private readonly Queue<(Guid Id, string Why)> _over = [];
    private readonly ILogger _logger = logger;

    /// <summary>Whether a gateway with an unknown certificate may connect.</summary>
    public ExpectedGuests Guests { get; } = new();

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var invitation in _open.Values)
            {
                if (clock.Uptime + (invitation.EndsAt - clock.Passed) is var due && due < next) next = due;
            }

            return next;
        }
    }

    /// <returns>False if <see cref="OpenMax"/> are under way.</returns>
    public bool Open(PairingCode code, TimeSpan lifetime, IInviter inviter)
    {
        if (_open.Count + _joining.Count >= OpenMax) return false;
        _open.Add(PairingProof.IdOf(code), new Invitation(code, clock.Passed + lifetime, inviter));
        Guests.AreExpected = true;
        return true;
    }

    /// <summary>Handles a gateway that comes with a code.</summary>
    /// <param name="connection">Identifies the connection while it lasts.</param>
    /// <param name="guest">Its certificate; null without TLS.</param>
    /// <param name="output">Where its answer goes.</param>
    /// <returns>Empty if it has proved the code, and must wait; otherwise the sentence that refuses it.</returns>
    public string OnJoin(string connection, LinkFrame.Join join, AuthorisedNames? guest, ILinkOutput output)
    {
        if (guest is null) return $"the links of {self} are in plain text, and a pairing needs TLS";
        var joiner = new Joiner(join.Name, join.Address, guest.Fingerprint);
        // It repeats itself while it waits, to show that it is there.
        if (_joining.TryGetValue(join.Invitation, out var pending) && pending.Joiner == joiner) return "";
        if (!_open.TryGetValue(join.Invitation, out var invitation)) return Unknown(join.Invitation);
        if (!PairingProof.Same(join.Proof.Span, PairingProof.OfJoiner(invitation.Code, joiner)))
            return OnWrong(join.Invitation, invitation);
        if (guest.Untimely.Length > 0) return guest.Untimely;
        if (join.Name == self) return $"both gateways are called {self}: give one of them another name (Gateway:Name)";

        // From here on the code is of no use to anyone, before anything is done for the one who has it.
        End(join.Invitation, $"it was used by {joiner.Name} at {Figures.Time(clock.Now)}");
        (invitation.Joiner, invitation.Connection, invitation.Output) = (joiner, connection, output);
        _joining.Add(join.Invitation, invitation);
        LogProved(joiner.Name, joiner.Address, joiner.Fingerprint);
        invitation.Inviter.OnJoining(joiner);
        return "";
    }

    /// <summary>The connection has ended: whoever waited on it hears no answer.</summary>
    public void OnLost(string connection)
    {
        if (_joining.Values.FirstOrDefault(invitation => invitation.Connection == connection) is { } invitation) invitation.Output = null;
    }

    /// <summary>Answers the gateway that has come.</summary>
    /// <param name="fault">The sentence that refuses it; empty if it is a peer now, durably.</param>
    /// <returns>False if none waits for this answer.</returns>
    public bool Answer(Guid id, string fault)
    {
        if (!_joining.Remove(id, out var invitation) || invitation.Output is not { } output) return false;
        output.Send(fault.Length > 0 ? new LinkFrame.Refused(RefusalCode.NotInvited, fault)
            : new LinkFrame.Joined(PairingProof.OfInviter(invitation.Code, invitation.Joiner!)));
        return true;
    }

    /// <summary>Whoever made the invitation is gone, or takes it back.</summary>
    public void Withdraw(Guid id)
    {
        if (_open.ContainsKey(id)) End(id, "it was taken back");
        Answer(id, $"the command that made the invitation ended before it was done; {self} may have this gateway as a peer or not");
    }

    public void Tick()
    {
        foreach (var (id, invitation) in _open.Where(open => clock.Passed >= open.Value.EndsAt).ToList())
            End(id, invitation, $"it ended at {Figures.Time(clock.Now)}");
    }

    private string OnWrong(Guid id, Invitation invitation)
    {
        invitation.WrongProofs++;
        LogWrongProof(invitation.WrongProofs);
        if (invitation.WrongProofs >= WrongProofsMax)
            End(id, invitation, $"{Figures.Counted(invitation.WrongProofs, "wrong proof")} came for it: someone knows a part of it");
        return "the proof of the code is wrong";
    }

    private string Unknown(Guid id)
    {
        LogUnknown();
        return _over.FirstOrDefault(over => over.Id == id).Why is { } why ? $"the code is worthless: {why}"
            : $"the code is worthless: {self} has no invitation for it. It was used or taken back, is too old, or {self} was started since";
    }

    private void End(Guid id, Invitation invitation, string why)
    {
        End(id, why);
        LogOver(why);
        invitation.Inviter.OnOver(why);
    }

    private void End(Guid id, string why)
    {
        _open.Remove(id);
        Guests.AreExpected = _open.Count > 0;
        _over.Enqueue((id, why));
        if (_over.Count > RememberedMax) _over.Dequeue();
    }

    private sealed class Invitation(PairingCode code, TimeSpan endsAt, IInviter inviter)
    {
        public PairingCode Code => code;

        /// <summary>As <see cref="LoopClock.Passed"/>: nobody can set that clock back.</summary>
        public TimeSpan EndsAt => endsAt;

        public IInviter Inviter => inviter;

        public int WrongProofs { get; set; }

        /// <summary>Set once it is used.</summary>
        public Joiner? Joiner { get; set; }

        public string Connection { get; set; } = "";

        /// <summary>Null while there is nobody to be answered.</summary>
        public ILinkOutput? Output { get; set; }
    }
}
