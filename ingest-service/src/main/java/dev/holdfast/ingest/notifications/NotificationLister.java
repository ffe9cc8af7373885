package dev.holdfast.ingest.notifications;

import dev.holdfast.ingest.notifications.NotificationsResource.NotificationList;
import dev.holdfast.ingest.notifications.NotificationsResource.NotificationView;
import dev.holdfast.mail.Notification;
import dev.holdfast.mail.NotificationIndex;
import dev.holdfast.mail.NotificationIndex.Position;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Optional;

/** Lists a tenant's notifications, newest first. */
@Singleton
final class NotificationLister {

    /**
     * Notifications that one request looks at, so that a rare state costs many short answers and none that takes long.
     */
    private static final int LOOKED_AT = 1_000;

    private static final int PAGE = 100;

    private final NotificationIndex table;

    NotificationLister(NotificationIndex table) {
        this.table = table;
    }

    NotificationList list(String tenant, NotificationQuery query) {
        var found = new ArrayList<NotificationView>();
        var below = query.below();
        for (var left = LOOKED_AT; left > 0; left -= PAGE) {
            var size = query.state().isPresent() ? PAGE : query.limit();
            var page = table.newest(tenant, query.job().map(Object::toString), below, size);
            for (var notification : page.notifications()) {
                if (!isWanted(notification, query)) continue;
                found.add(NotificationView.of(notification));
                if (found.size() == query.limit()) return new NotificationList(found, after(notification, page));
            }
            below = page.next();
            if (below.isEmpty()) break;
        }
        return new NotificationList(found, below.map(NotificationQuery::cursor));
    }

    private static boolean isWanted(Notification notification, NotificationQuery query) {
        return query.state().filter(state -> state != notification.state()).isEmpty();
    }

    /** Empty when that one was the last of all. */
    private static Optional<String> after(Notification last, NotificationIndex.Page page) {
        if (page.next().isEmpty() && last.equals(page.notifications().getLast())) return Optional.empty();
        return Optional.of(
                NotificationQuery.cursor(new Position(last.createdAt().toEpochMilli(), last.id())));
    }
}
