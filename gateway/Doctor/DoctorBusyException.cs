namespace Gateway.Doctor;

/// <summary>Another examination is under way: two at once would measure each other.</summary>
internal sealed class DoctorBusyException() : Exception("The doctor is examining already. Try again when it has finished.");
