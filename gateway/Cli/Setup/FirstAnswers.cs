namespace Gateway.Cli.Setup;

/// <summary>The answers to the questions of a first installation.</summary>
/// <param name="Name">The gateway's name.</param>
/// <param name="Listen">The address on which it listens for peers, such as <c>tcp://*:7421</c>.</param>
/// <param name="Peers">The addresses of the other gateways, by name.</param>
/// <param name="IsTls">The links are encrypted, with certificates of a CA that is made here, or was.</param>
/// <param name="IsService">The gateway runs as a service of this host.</param>
internal sealed record FirstAnswers(
    string Name, string Listen, IReadOnlyDictionary<string, string> Peers, bool IsTls, bool IsService);
