using Gateway.Links.Pairing;

namespace Gateway.Http.Views;

/// <summary>An invitation, and what has come of it.</summary>
/// <param name="Code">With 'open': whoever has it becomes a peer.</param>
/// <param name="ExpiresAt">With 'open': by this gateway's clock.</param>
/// <param name="Fingerprint">With 'open': of this gateway's certificate. With 'joining': of that of the gateway that has come.</param>
/// <param name="Name">Likewise.</param>
/// <param name="Address">With 'joining': where the gateway that has come says that it listens for peers.</param>
/// <param name="Why">With 'over'.</param>
internal sealed record InvitationView(
    Guid Id, string? Code, DateTimeOffset? ExpiresAt, string? Name, string? Fingerprint, string? Address, string? Why)
{
    public static InvitationView Of(Guid id) => new(id, null, null, null, null, null, null);

    public static InvitationView Open(Guid id, PairingCode code) => Of(id) with
    {
        Code = code.ToText(),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(code.ExpiresUnixMs),
        Name = code.Name,
        Fingerprint = code.Fingerprint,
    };

    public static InvitationView Joining(Guid id, Joiner joiner) =>
        Of(id) with { Name = joiner.Name, Address = joiner.Address, Fingerprint = joiner.Fingerprint };

    public static InvitationView Over(Guid id, string why) => Of(id) with { Why = why };
}
