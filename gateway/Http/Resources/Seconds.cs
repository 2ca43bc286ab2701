using System.Globalization;
using Gateway.Http.Answers;

namespace Gateway.Http.Resources;

/// <summary>Times as they stand in the query of an address: seconds, with a fraction if need be.</summary>
internal static class Seconds
{
    /// <exception cref="ProblemException">It is out of range.</exception>
    public static TimeSpan Read(string name, double seconds, double min, double max) => seconds >= min && seconds <= max
        ? TimeSpan.FromSeconds(seconds)
        : throw ProblemException.BadRequest(
            string.Create(CultureInfo.InvariantCulture, $"{name} is {seconds}; it is {min} to {max} seconds."));
}
