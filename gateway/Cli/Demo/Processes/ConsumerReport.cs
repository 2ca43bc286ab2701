using System.Globalization;

namespace Gateway.Cli.Demo.Processes;

/// <summary>
/// One line of a demo's consumer to the demo. It is handed to the operating system in one piece, a delivery's before the completion is
/// asked for, so that a consumer killed at any moment leaves a true account behind.
/// <code>
/// R delivery sequence deliveries ok|bad    received: its own running number, and what the message and the gateway say
/// C delivery                               completed, confirmed by the gateway
/// D delivery code                          completion in doubt: it was asked for, and the answer was no confirmation
/// </code>
/// </summary>
internal readonly record struct ConsumerReport(
    ConsumerReportKind Kind, long Delivery, long Sequence = 0, int Deliveries = 0, bool Intact = false)
{
    public static string Received(long delivery, long sequence, int deliveries, bool intact) =>
        string.Create(CultureInfo.InvariantCulture, $"R {delivery} {sequence} {deliveries} {(intact ? "ok" : "bad")}\n");

    public static string Completed(long delivery) => string.Create(CultureInfo.InvariantCulture, $"C {delivery}\n");

    public static string InDoubt(long delivery, string code) => string.Create(CultureInfo.InvariantCulture, $"D {delivery} {code}\n");

    /// <summary>
    /// Parses a line without its line end. False for anything but a whole report, such as the last words of a killed process.
    /// </summary>
    public static bool TryParse(string line, out ConsumerReport report)
    {
        report = default;
        var parts = line.Split(' ');
        if (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var delivery))
            return false;

        switch (parts)
        {
            case ["C", _]:
                report = new ConsumerReport(ConsumerReportKind.Completed, delivery);
                return true;
            case ["D", _, _]:
                report = new ConsumerReport(ConsumerReportKind.InDoubt, delivery);
                return true;
            case ["R", _, var sequenceText, var deliveriesText, "ok" or "bad"]
                when long.TryParse(sequenceText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequence)
                    && int.TryParse(deliveriesText, NumberStyles.None, CultureInfo.InvariantCulture, out var deliveries):
                report = new ConsumerReport(ConsumerReportKind.Received, delivery, sequence, deliveries, parts[4] == "ok");
                return true;
            default:
                return false;
        }
    }
}
