using System.Security.Cryptography;
using System.Threading.Channels;
using Gateway.Links.Pairing;

namespace Gateway.Management;

/// <summary>The thread-safe entrance to <see cref="Invitations"/>: each call becomes an event of the loop.</summary>
/// <param name="isEnded">Cancelled once the loop has ended; unanswered calls are then cancelled.</param>
internal sealed class PairingDoor(
    string self, Invitations invitations, ManagementCore management, LoopClock clock, IShellState shell, ILoopInput loop,
    CancellationToken isEnded) : IPairing
{
    /// <inheritdoc/>
    public Task<MadeInvitation> InviteAsync(
        TimeSpan lifetime, IReadOnlyList<string> addresses, string who, string why, CancellationToken cancellationToken)
    {
        var secret = RandomNumberGenerator.GetBytes(PairingCode.SecretBytes);
        return AskAsync(() => Invite(secret, lifetime, addresses, who, why), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> AnswerAsync(Guid id, string fault, CancellationToken cancellationToken) =>
        AskAsync(() => invitations.Answer(id, fault), cancellationToken);

    /// <inheritdoc/>
    public void Withdraw(Guid id) => loop.Post(() => invitations.Withdraw(id));

    private MadeInvitation Invite(byte[] secret, TimeSpan lifetime, IReadOnlyList<string> addresses, string who, string why)
    {
        if (shell.Certificate is not { } certificate)
            return No($"The links of {self} are in plain text, and a pairing needs TLS. Set Gateway:Links:Tls, and start it again.");
        if (certificate.ExpiresAt <= clock.Now)
            return No($"The certificate of {self} has expired: no peer would accept it. Replace it, and invite again.");
        var code = new PairingCode(
            self, certificate.Fingerprint, addresses, PairingCode.ExpiryOf(clock.NowUnixMs, lifetime), secret);
        var inviter = new Inviter(management, clock, who);
        if (!invitations.Open(code, TimeSpan.FromMilliseconds(code.ExpiresUnixMs - clock.NowUnixMs), inviter)) return No(
            $"{Invitations.OpenMax} invitations are under way already. End one of them, or wait until one is over.");
        Write(management, clock, who, "invite", "pairing",
            $"until {Figures.Time(code.ExpiresUnixMs)}{(why.Length > 0 ? $": {why}" : "")}");
        return new MadeInvitation(PairingProof.IdOf(code), code, "") { Events = inviter.Events.Reader };
    }

    private static MadeInvitation No(string fault) => new(Guid.Empty, null, fault);

    private static void Write(ManagementCore management, LoopClock clock, string who, string action, string about, string text) =>
        management.Record(Client.MessageId.New(clock.Now).Value, who, action, about, 0, text);

    private async Task<T> AskAsync<T>(Func<T> ask, CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, isEnded);
        loop.Post(() => answered.TrySetResult(ask()));
        return await answered.Task.WaitAsync(ends.Token);
    }

    private sealed class Inviter(ManagementCore management, LoopClock clock, string who) : IInviter
    {
        public Channel<InvitationEvent> Events { get; } = Channel.CreateBounded<InvitationEvent>(1);

        public void OnJoining(Joiner joiner)
        {
            Write(management, clock, who, "join", joiner.Name,
                $"proved the invitation, at {joiner.Address} with the certificate {joiner.Fingerprint}");
            Events.Writer.TryWrite(new InvitationEvent(joiner, ""));
        }

        public void OnOver(string why) => Events.Writer.TryWrite(new InvitationEvent(null, why));
    }
}
