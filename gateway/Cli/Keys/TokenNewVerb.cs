using System.CommandLine;
using System.Security.Cryptography;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Gateway.Intake;

namespace Gateway.Cli.Keys;

/// <summary>Creates a token for the HTTP API, shows it once, and explains the configuration, which needs only its hash.</summary>
internal static class TokenNewVerb
{
    private const int TokenBytes = 32;

    public static Command Create(Terminal terminal)
    {
        var known = string.Join(",", HttpRoleNames.Known);
        var name = new Option<string>("--name")
        { Description = "Whose it is; the audit trail names them so.", HelpName = "NAME", Required = true };
        var roles = new Option<string>("--roles")
        { Description = $"What it is for: some of {known}.", HelpName = "ROLES", Required = true };
        name.Validators.Add(result =>
        {
            if (!Names.IsValid(result.GetValueOrDefault<string>() ?? ""))
                result.AddError("A token's name has 1 to 64 of a-z A-Z 0-9 . _ - and starts with a letter or digit.");
        });
        roles.Validators.Add(result =>
        {
            var given = Split(result.GetValueOrDefault<string>() ?? "");
            if (given.Length == 0) result.AddError($"Give --roles some of {known}.");
            foreach (var role in given.Where(role => !HttpRoleNames.TryParse(role, out _)))
                result.AddError($"There is no role '{role}'; known are {known}.");
        });
        var command = new Command("new", "Make a token, print it once, and print the configuration with its hash.") { name, roles };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, async () =>
        {
            foreach (var line in Make(parsed.GetValue(name)!, Split(parsed.GetValue(roles)!)))
                await terminal.WriteLineAsync(line, cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static string[] Split(string roles) =>
        [.. roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    private static IEnumerable<string> Make(string name, IReadOnlyList<string> roles)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        var hash = Convert.ToHexStringLower(ApplicationBook.Hash(token));
        var listed = string.Join(", ", roles.Select(role => $"\"{role}\""));
        return
        [
            token,
            "",
            "This is shown once; its holder may do everything that its roles allow. Callers send it as 'Authorization: Bearer TOKEN'. The "
                + "gateway needs only its hash:",
            $$"""  "Http": { "Tokens": { "{{name}}": { "TokenSha256": "{{hash}}", "Roles": [ {{listed}} ] } } }""",
            "If applications need no tokens (Gateway:Intake:Applications is empty), the gateway wants to be told so:",
            """  "Intake": { "AllowWithoutTokens": true }""",
        ];
    }
}
