using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Configuration;

/// <summary>
/// The settings that the verbs for peers and routes have made: the text of a file of their own in <see cref="ConfigurationFolder"/>.
/// Whatever else the file has is kept, except comments.
/// </summary>
internal sealed class OperatorSettings
{
    /// <summary>Read after the files of packages and people that begin with a lower number.</summary>
    public const string FileName = "90-operator.json";

    private const string Head =
        "// Written by 'gateway peer' and 'gateway route'. Settings of your own belong in another file of this folder.\n";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    private readonly JsonObject _root;

    private OperatorSettings(JsonObject root) => _root = root;

    /// <param name="text">A text that the configuration takes; null for none.</param>
    public static OperatorSettings Parse(string? text) => new(text is null ? [] : JsonNode.Parse(
        text, new JsonNodeOptions { PropertyNameCaseInsensitive = true },
        new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject());

    public bool HasPeer(string name) => Find(nameof(GatewayOptions.Peers))?.ContainsKey(name) == true;

    /// <summary>The destinations of a queue's route; null if it has none here.</summary>
    public IReadOnlyList<string>? RouteOf(string queue) =>
        Find(nameof(GatewayOptions.Routes))?[queue] is JsonArray list ? [.. list.Select(one => $"{one}")] : null;

    /// <param name="fingerprint">Empty for none.</param>
    public void SetPeer(string name, string address, string fingerprint)
    {
        var peer = new JsonObject { [nameof(PeerOptions.Address)] = address };
        if (fingerprint.Length > 0) peer[nameof(PeerOptions.Fingerprint)] = fingerprint;
        Make(nameof(GatewayOptions.Peers))[name] = peer;
    }

    /// <summary>Lets the links speak TLS with this certificate, trusting peers by their fingerprints.</summary>
    public void SetCertificate(string certificatePath, string keyPath)
    {
        var links = Make(nameof(GatewayOptions.Links));
        links[nameof(LinksOptions.Tls)] = new JsonObject
        {
            [nameof(TlsOptions.CertificatePath)] = certificatePath,
            [nameof(TlsOptions.KeyPath)] = keyPath,
        };
    }

    public void RemovePeer(string name) => Find(nameof(GatewayOptions.Peers))?.Remove(name);

    /// <param name="destinations">None: the route is removed, with what is said of it.</param>
    public void SetRoute(string queue, IReadOnlyList<string> destinations)
    {
        if (destinations.Count == 0)
        {
            Find(nameof(GatewayOptions.Routes))?.Remove(queue);
            Find(nameof(GatewayOptions.Spread))?.Remove(queue);
            return;
        }

        Make(nameof(GatewayOptions.Routes))[queue] = new JsonArray([.. destinations.Select(one => (JsonNode?)one)]);
    }

    /// <summary>How messages are spread over the destinations of a route; those of the default are not written.</summary>
    public void SetSpread(string queue, RouteMode mode, string header)
    {
        Find(nameof(GatewayOptions.Spread))?.Remove(queue);
        if (mode == RouteMode.Copy) return;
        var spread = new JsonObject { [nameof(SpreadOptions.Mode)] = $"{mode}" };
        if (header != MessageKey.Header) spread[nameof(SpreadOptions.Header)] = header;
        Make(nameof(GatewayOptions.Spread))[queue] = spread;
    }

    /// <summary>The text of the file.</summary>
    public override string ToString() => $"{Head}{_root.ToJsonString(_indented)}\n";

    private JsonObject? Find(string section) => (_root[GatewayOptions.Section] as JsonObject)?[section] as JsonObject;

    private JsonObject Make(string section)
    {
        var gateway = _root[GatewayOptions.Section] as JsonObject ?? [];
        _root[GatewayOptions.Section] ??= gateway;
        var made = gateway[section] as JsonObject ?? [];
        gateway[section] ??= made;
        return made;
    }
}
