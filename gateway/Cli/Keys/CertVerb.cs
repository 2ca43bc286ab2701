using System.CommandLine;
using Gateway.Cli.Shell;

namespace Gateway.Cli.Keys;

/// <summary>Certificates for the links between gateways.</summary>
internal static class CertVerb
{
    public static Command Create(Terminal terminal) => new("cert", "Make certificates for the links between gateways, and look into them.")
    {
        CertNewVerb.Create(terminal),
        CertShowVerb.Create(terminal),
    };
}
