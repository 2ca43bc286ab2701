using System.CommandLine;
using Gateway.Client.Wire;

namespace Gateway.Cli.Shell;

/// <summary>An argument that names a queue or a destination. Its length is checked here, its characters by the gateway.</summary>
internal static class NameArgument
{
    public static Argument<string> Queue() => Create("queue", "The name of a queue of this gateway.", ProtocolLimits.NameCharsMax);

    public static Argument<string> Destination() =>
        Create("destination", "queue@peer, or a queue that has a route.", ProtocolLimits.DestinationCharsMax);

    private static Argument<string> Create(string name, string description, int lengthMax)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { } value)
                return;
            if (value.StartsWith('-'))
                result.AddError($"There is no option '{value}', and a {name} does not begin with a hyphen.");
            else if (value.Length == 0 || value.Length > lengthMax)
                result.AddError($"A {name} has 1 to {lengthMax} characters.");
        });
        return argument;
    }
}
