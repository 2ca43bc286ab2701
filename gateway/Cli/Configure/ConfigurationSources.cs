using System.CommandLine;
using Gateway.Cli.Shell;
using Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace Gateway.Cli.Configure;

/// <summary>The sources from which a gateway would read its configuration: what follows <c>run</c> follows these verbs.</summary>
internal sealed class ConfigurationSources
{
    private readonly ConfigOption _config = new();

    // Keys such as --Gateway:Name=shop arrive here too, as no option has their name.
    private readonly Argument<string[]> _words = new("FILE")
    {
        Description = "A further JSON file of configuration, in place of --config. Keys may follow as --Gateway:Name=value.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_words);
        _config.AddTo(command);
    }

    /// <exception cref="CommandLineException">A file cannot be read, or is no configuration of a gateway.</exception>
    public IConfigurationRoot Read(ParseResult parsed)
    {
        var words = parsed.GetValue(_words) ?? [];
        var isFileGiven = words is [var first, ..] && !first.StartsWith("--", StringComparison.Ordinal);
        var file = isFileGiven ? ConfigOption.ArgumentsOf(new FileInfo(words[0])) : _config.Arguments(parsed);
        try
        {
            return new ConfigurationBuilder()
                .AddGatewayConfiguration(ConfigurationTokens.Take(words[(isFileGiven ? 1 : 0)..], file)).Build();
        }
        catch (InvalidDataException unreadable)
        {
            throw new CommandLineException(
                ExitCode.Usage, $"The configuration cannot be read. {GatewayConfiguration.Reason(unreadable)}");
        }
    }
}
