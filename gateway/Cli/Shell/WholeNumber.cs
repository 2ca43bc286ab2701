using System.CommandLine;
using System.Globalization;

namespace Gateway.Cli.Shell;

/// <summary>Whole numbers on the command line.</summary>
internal static class WholeNumber
{
    /// <summary>An option with a value between two bounds; for any other value the error names them.</summary>
    public static Option<int> Option(string name, string description, int standard, int least, int most = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most) return number;
            result.AddError(most == int.MaxValue ? $"{name} is '{text}'; it must be a number, at least {least}."
                : $"{name} is '{text}'; it must be a number between {least} and {most}.");
            return standard;
        },
    };
}
