package dev.holdfast.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the architecture of every module keeps to. {@code ArchTests.in(HouseRules.class)} checks it in a test. */
public final class HouseRules {

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.holdfast.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule jobKnowsNeitherAwsNorQuarkus = noClasses()
            .that()
            .resideInAPackage("dev.holdfast.job")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "io.quarkus..", "jakarta.enterprise..", "jakarta.ws..");

    /**
     * The engine of backups has threads of its own. The faults for handlers play several workers, and are in no
     * service.
     */
    @ArchTest
    static final ArchRule onlyTheQueueStartsThreads = noClasses()
            .that()
            .resideOutsideOfPackages("dev.holdfast.queue", "dev.holdfast.restic", "dev.holdfast.testing")
            .should()
            .callMethod(Thread.class, "ofVirtual")
            .orShould()
            .callMethod(Thread.class, "ofPlatform")
            .orShould()
            .callMethod(Thread.class, "startVirtualThread", Runnable.class)
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.concurrent.ExecutorService");

    private HouseRules() {}
}
