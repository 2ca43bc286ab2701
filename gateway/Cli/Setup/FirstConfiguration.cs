using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Configuration;
using Gateway.Transport.Tls;

namespace Gateway.Cli.Setup;

/// <summary>The configuration of a first installation, as a text. Pure.</summary>
internal static class FirstConfiguration
{
    private const string Head = "// Made by 'gateway init'. The configuration page has all keys: 'gateway config show' lists them.\n";

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <param name="certificates">The folder of the certificates; null without TLS.</param>
    public static string Text(FirstAnswers answers, CertificateFolder? certificates)
    {
        var links = new JsonObject { [nameof(LinksOptions.Address)] = answers.Listen };
        if (certificates is null)
        {
            links[nameof(LinksOptions.AllowPlainText)] = true;
        }
        else
        {
            links[nameof(LinksOptions.Tls)] = new JsonObject
            {
                [nameof(TlsOptions.CertificatePath)] = certificates.CertificatePath(answers.Name),
                [nameof(TlsOptions.KeyPath)] = certificates.KeyPath(answers.Name),
                [nameof(TlsOptions.CaPath)] = certificates.CertificatePath(CertificateFolder.Authority),
            };
        }

        var peers = answers.Peers.Select(peer => KeyValuePair.Create(
            peer.Key, (JsonNode?)new JsonObject { [nameof(PeerOptions.Address)] = peer.Value }));
        var gateway = new JsonObject
        {
            [nameof(GatewayOptions.Name)] = answers.Name,
            [nameof(GatewayOptions.Links)] = links,
            [nameof(GatewayOptions.Peers)] = new JsonObject(peers),
        };
        return $"{Head}{new JsonObject { [GatewayOptions.Section] = gateway }.ToJsonString(_indented)}\n";
    }
}
