using System.Globalization;
using Gateway.Http.Answers;

namespace Gateway.Http.Resources;

/// <summary>Times in the query of an address: seconds, optionally with a fraction.</summary>
internal static class Seconds
{
    /// <exception cref="ProblemException">The value is out of range.</exception>
    public static TimeSpan Read(string name, double seconds, double min, double max) => seconds >= min && seconds <= max
        ? TimeSpan.FromSeconds(seconds)
        : throw ProblemException.BadRequest(
            string.Create(CultureInfo.InvariantCulture, $"{name} is {seconds}; it is {min} to {max} seconds."));
}
